-- Replaces a submission by its next version, moves it between lists and queues its
-- notices, if it still has the version that the caller saw.
--
-- KEYS  1 value             2 outbox                  3 outbox data
--       4 changed           5.. lists it leaves, then lists it enters
-- ARGV  1 version the caller saw    2 new value       3 local id
--       4 how many lists it leaves  5 how many it enters
--       6 entries of changed to keep, about
--       then the score in each list it enters
--       then id, due ms and text of each notice
-- Answers
--    1  done
--    0  the version is another; nothing was done
--   -1  there is no such submission; nothing was done

local head = redis.call('GETRANGE', KEYS[1], 0, 20)
if head == '' then
  return -1
end
if string.match(head, '^(%d+)\t') ~= ARGV[1] then
  return 0
end
local leaves, enters = tonumber(ARGV[4]), tonumber(ARGV[5])

redis.call('SET', KEYS[1], ARGV[2])
for i = 1, leaves do
  redis.call('ZREM', KEYS[4 + i], ARGV[3])
end
for i = 1, enters do
  redis.call('ZADD', KEYS[4 + leaves + i], ARGV[6 + i], ARGV[3])
end
for i = 7 + enters, #ARGV, 3 do
  redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i])
  redis.call('HSET', KEYS[3], ARGV[i], '0\n' .. ARGV[i + 2])
end
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[6], '*', 's', ARGV[3])
return 1
