-- Reads documents of a kind by their position, in one round trip. It only reads.
--
-- KEYS  1 documents of the kind     2 their index
-- ARGV  1 first position            2 position after the last
--       3 how many to skip          4 how many at most
-- Answers, an array: id, position and value of each, by position and then by id; "" for
-- a value that is missing

local found = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1], '(' .. ARGV[2], 'WITHSCORES', 'LIMIT', ARGV[3], ARGV[4])
local answer = {}
for i = 1, #found, 2 do
  answer[#answer + 1] = found[i]
  answer[#answer + 1] = found[i + 1]
  answer[#answer + 1] = redis.call('HGET', KEYS[1], found[i]) or ''
end
return answer
