-- Appends a line to the audit if its newest line is still the one that the caller
-- saw.
--
-- KEYS  1 the audit, a stream
-- ARGV  1 id of the newest line that was seen, "" for none
--       then name and value of each field
-- Answers 1 when appended, else 0

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local id = ''
if last[1] then
  id = last[1][1]
end
if id ~= ARGV[1] then
  return 0
end
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
return 1
