-- Sets the next reminder of submissions and queues their notices, unless one of
-- them has changed or was reminded of meanwhile.
--
-- KEYS  1 urge              2 outbox                  3 outbox data
--       4 changed           5.. the value of each submission
-- ARGV  1 how many submissions      2 now, ms
--       3 entries of changed to keep, about
--       4.. of each: local id, version the caller saw, time of the reminder the
--         caller saw, ms, time of the next, ms
--       then id and text of each notice
-- Answers
--    ""      done
--    "2 5"   the second and the fifth are no longer so; nothing was done

local n, missed = tonumber(ARGV[1]), {}
for i = 1, n do
  local at = 4 * i
  local head = redis.call('GETRANGE', KEYS[4 + i], 0, 20)
  local due = redis.call('ZSCORE', KEYS[1], ARGV[at])
  if string.match(head, '^(%d+)\t') ~= ARGV[at + 1] or not due or tonumber(due) ~= tonumber(ARGV[at + 2]) then
    missed[#missed + 1] = tostring(i)
  end
end
if #missed > 0 then
  return table.concat(missed, ' ')
end

for i = 1, n do
  redis.call('ZADD', KEYS[1], ARGV[4 * i + 3], ARGV[4 * i])
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', 's', ARGV[4 * i])
end
for i = 4 * n + 4, #ARGV, 2 do
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[i])
  redis.call('HSET', KEYS[3], ARGV[i], '0\n' .. ARGV[i + 1])
end
return ''
