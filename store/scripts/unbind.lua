-- Removes a role from a person if it is still the one named.
--
-- KEYS  1 the person
-- ARGV  1 role              2 station                 3 ref
-- Answers 1 when taken, else 0

local has = redis.call('HMGET', KEYS[1], 'role', 'station', 'ref')
if has[1] == ARGV[1] and has[2] == ARGV[2] and has[3] == ARGV[3] then
  redis.call('HDEL', KEYS[1], 'role', 'station', 'ref')
  return 1
end
return 0
