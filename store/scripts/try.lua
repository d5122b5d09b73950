-- Counts a try at a one-time code.
--
-- KEYS  1 the code's hash, followed by a "+" for each try
-- ARGV  1 tries at most
-- Answers the hash; "" when there is none or it was tried too often

local value = redis.call('GET', KEYS[1])
if not value then
  return ''
end
local hash, tries = string.match(value, '^([^+]*)(%+*)$')
if #tries >= tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
  return ''
end
redis.call('SET', KEYS[1], value .. '+', 'KEEPTTL')
return hash
