-- Makes an entry of a leased queue due at another time. A finished entry stays
-- finished.
--
-- KEYS  1 queue             2 data
-- ARGV  1 entry's id        2 due at, ms              3 attempts   4 payload
-- Answers
--    1  done
--    0  there is no such entry; nothing was done

if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. '\n' .. ARGV[4])
return 1
