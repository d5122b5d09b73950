-- Tries a one-time code: counts the try, or uses up the code if it matches.
--
-- KEYS  1 the code's hash, followed by a "+" for each try
-- ARGV  1 the hash of what was brought, 2 tries at most
-- Answers 1 if it is the code; 0 when it is not, there is none or it was tried
-- too often

local value = redis.call('GET', KEYS[1])
if not value then
  return 0
end
local hash, tries = string.match(value, '^([^+]*)(%+*)$')
if #tries >= tonumber(ARGV[2]) or hash == ARGV[1] then
  redis.call('DEL', KEYS[1])
  return #tries < tonumber(ARGV[2]) and 1 or 0
end
redis.call('SET', KEYS[1], value .. '+', 'KEEPTTL')
return 0
