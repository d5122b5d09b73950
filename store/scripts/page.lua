-- Reads a page of a list with the values, in one round trip. It only reads.
--
-- Besides KEYS it reads the values of the submissions listed; their keys are
-- ARGV[1] and the local id, in the same slot.
--
-- KEYS  1 the list
-- ARGV  1 prefix of the values' keys
--       2 "1" newest first, "0" oldest first
--       3 score of the cursor, "" for the beginning
--       4 local id of the cursor
--       5 how many at most
-- Answers, an array
--   first   "1" if there is more after the page, else "0"
--   then    local id, score and value of each; "" for a value that is missing
--
-- The cursor's item may be gone or have moved: the page starts with the first item
-- after the cursor's position.

local newest, limit = ARGV[2] == '1', tonumber(ARGV[5])
local command, from, to = 'ZRANGEBYSCORE', '-inf', '+inf'
if newest then
  command, from, to = 'ZREVRANGEBYSCORE', '+inf', '-inf'
end
local score, id = nil, ARGV[4]
if ARGV[3] ~= '' then
  from, score = ARGV[3], tonumber(ARGV[3])
end

local answer, keys, offset, more = { '0' }, {}, 0, false
repeat
  local found = redis.call(command, KEYS[1], from, to, 'WITHSCORES', 'LIMIT', offset, limit + 1)
  for i = 1, #found, 2 do
    local passed = score and tonumber(found[i + 1]) == score
      and ((newest and found[i] >= id) or (not newest and found[i] <= id))
    if not passed then
      if #keys == limit then
        more = true
        break
      end
      keys[#keys + 1] = ARGV[1] .. found[i]
      answer[#answer + 1] = found[i]
      answer[#answer + 1] = found[i + 1]
      answer[#answer + 1] = ''
    end
  end
  offset = offset + limit + 1
until more or #found < 2 * (limit + 1)

if more then
  answer[1] = '1'
end
if #keys > 0 then
  local values = redis.call('MGET', unpack(keys))
  for i = 1, #keys do
    answer[1 + 3 * i] = values[i] or ''
  end
end
return answer
