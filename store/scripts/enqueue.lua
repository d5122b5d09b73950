-- Adds an entry to a leased queue once, however often it is delivered.
--
-- KEYS  1 queue             2 data                    3 memory of deliveries
-- ARGV  1 entry's id        2 due at, ms              3 payload
--       4 seconds to remember
-- Answers
--    1  queued
--    0  it was queued before; nothing was done

if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[4]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], '0\n' .. ARGV[3])
return 1
