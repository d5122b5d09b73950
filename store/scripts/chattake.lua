-- Takes one of the messages that may still be sent into a person's chat, from the
-- window that ends first.
--
-- KEYS  1 the person's windows
-- ARGV  1 now, ms           2 how many must be left after it
-- Answers
--    1  one is taken
--    0  there are not enough, or nothing is known

local c = redis.call('HMGET', KEYS[1], 'entered', 'entered:n', 'wrote', 'wrote:n')
local now, left, from, first = tonumber(ARGV[1]), 0, nil, nil
for i, name in ipairs({ 'entered', 'wrote' }) do
  local til, n = tonumber(c[2 * i - 1] or 0), tonumber(c[2 * i] or 0)
  if til > now and n > 0 then
    left = left + n
    if not first or til < first then
      from, first = name, til
    end
  end
end
if left <= tonumber(ARGV[2]) then
  return 0
end
redis.call('HINCRBY', KEYS[1], from .. ':n', -1)
return 1
