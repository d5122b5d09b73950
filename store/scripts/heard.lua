-- Removes a lead from the relay list if it still has the version that was passed on
-- to its followers.
--
-- KEYS  1 relay
-- ARGV  1 local id          2 version
-- Answers 1 when taken off, else 0

local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at and tonumber(at) == tonumber(ARGV[2]) then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
