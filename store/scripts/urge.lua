-- Queues the notice that a submission is overdue and sets the time of the next
-- one, unless somebody has acted on it or urged since.
--
-- KEYS  1 value             2 urge
--       3 outbox            4 outbox data
-- ARGV  1 version the caller saw    2 local id
--       3 now, ms           4 time of the next urge, ms
--       5 id of the notice  6 its text
-- Answers
--    1  done
--    0  the version is another, or no urge is due; nothing was done

local head = redis.call('GETRANGE', KEYS[1], 0, 20)
if string.match(head, '^(%d+)\t') ~= ARGV[1] then
  return 0
end
local due = redis.call('ZSCORE', KEYS[2], ARGV[2])
if not due or tonumber(due) > tonumber(ARGV[3]) then
  return 0
end

redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[5])
redis.call('HSET', KEYS[4], ARGV[5], '0\n' .. ARGV[6])
return 1
