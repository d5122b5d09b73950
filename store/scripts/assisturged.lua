-- Sets the time of the next reminder of a submission's assistants, unless the
-- submission has changed or the time was set meanwhile.
--
-- KEYS  1 value             2 times of the next urges of assistants
--       3 changed
-- ARGV  1 version the caller saw    2 local id
--       3 now, ms           4 time of the next urge, ms
--       5 entries of changed to keep, about
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
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 's', ARGV[2])
return 1
