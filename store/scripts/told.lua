-- Takes off the list of those who could not be told whose ids begin so.
--
-- KEYS  1 list              2 list data             3 changed
-- ARGV  1 what the ids begin with                   2 submission's local id
--       3 entries of changed to keep, about
-- Answers how many were taken off

local n = 0
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(id, 1, #ARGV[1]) == ARGV[1] then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
    n = n + 1
  end
end
if n > 0 then
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 's', ARGV[2])
end
return n
