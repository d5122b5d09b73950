-- Removes the undelivered entries whose ids have a prefix. The cost is that of the
-- entries found, however long the list is.
--
-- KEYS  1 list              2 list data             3 index by id
--       4 changed
-- ARGV  1 what the ids begin with
--       2 submission's local id, or a document's name
--       3 entries of changed to keep, about
-- Answers how many were taken off

local found = redis.call('ZRANGEBYLEX', KEYS[3], '[' .. ARGV[1], '(' .. ARGV[1] .. '\255')
for _, id in ipairs(found) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
end
if #found > 0 then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', string.find(ARGV[2], '/', 1, true) and 'd' or 's', ARGV[2])
end
return #found
