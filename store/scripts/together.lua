-- Replaces several submissions by their next versions, moves them between lists and
-- queues their notices, if all still have the versions that the caller saw.
--
-- KEYS  1 outbox            2 outbox data           3 changed
--       then of each submission: value, lists it leaves, lists it enters
-- ARGV  1 how many submissions     2 entries of changed to keep, about
--       then of each: version the caller saw, new value, local id, how many lists it
--         leaves, how many it enters, the score in each list it enters
--       then id, due ms and text of each notice
-- Answers
--    0    done
--    n>0  the n-th has another version or is not there; nothing was done

local n, key, arg = tonumber(ARGV[1]), 4, 3
for i = 1, n do
  local head = redis.call('GETRANGE', KEYS[key], 0, 20)
  if string.match(head, '^(%d+)\t') ~= ARGV[arg] then
    return i
  end
  local leaves, enters = tonumber(ARGV[arg + 3]), tonumber(ARGV[arg + 4])
  key, arg = key + 1 + leaves + enters, arg + 5 + enters
end

key, arg = 4, 3
for i = 1, n do
  local leaves, enters, id = tonumber(ARGV[arg + 3]), tonumber(ARGV[arg + 4]), ARGV[arg + 2]
  redis.call('SET', KEYS[key], ARGV[arg + 1])
  for k = 1, leaves do
    redis.call('ZREM', KEYS[key + k], id)
  end
  for k = 1, enters do
    redis.call('ZADD', KEYS[key + leaves + k], ARGV[arg + 4 + k], id)
  end
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 's', id)
  key, arg = key + 1 + leaves + enters, arg + 5 + enters
end
for i = arg, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], '0\n' .. ARGV[i + 2])
end
return 0
