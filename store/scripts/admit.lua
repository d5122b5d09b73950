-- Files a submission: number, value, queue, lists, deadline, notice and the
-- memory of its idempotency key, all or nothing.
--
-- KEYS  1 idempotency key   2 the day's sequence      3 value
--       4 all               5 mine of the filer       6 count
--       7 due               8 urge                    9 outbox
--      10 outbox data      11 state:assigned         12 state without a member
--      13 pool             14 alarms
--      15.. inbox of each candidate, best first; none for a held one
-- ARGV  1 local id          2 body with its codec     3 hash of the request
--       4 seconds to remember the idempotency key     5 number's prefix "YYMMDD-"
--       6 filer             7 filed at, ms            8 due at, ms
--       9 state without a member ("pooled", "held")
--      10 id of the notice 11 its text before and    12 after the member's id
--      13 seconds to keep the sequence
--      14 "1" if it speaks of a danger
--      15.. member id and capacity of each candidate
--         then id and text of each further notice
-- Answers, a string of parts joined by tabs:
--   new <number> <pick>   filed; pick is the candidate from 1, 0 for none
--   old <local id>        the same request was filed before
--   other                 the key was used for another request
--   taken                 there is a submission with this id; nothing was done

local before = redis.call('GET', KEYS[1])
if before then
  local tab = string.find(before, '\t', 1, true)
  if string.sub(before, 1, tab - 1) == ARGV[3] then
    return 'old\t' .. string.sub(before, tab + 1)
  end
  return 'other'
end
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 'taken'
end

local pick, member, state, statekey, queue, score = 0, '', ARGV[9], KEYS[12], KEYS[13], ARGV[7]
for i = 15, #KEYS do
  local at = 15 + 2 * (i - 15)
  if redis.call('ZCARD', KEYS[i]) < tonumber(ARGV[at + 1]) then
    pick, member, state, statekey, queue, score = i - 14, ARGV[at], 'assigned', KEYS[11], KEYS[i], ARGV[8]
    break
  end
end

local n = redis.call('INCR', KEYS[2])
if n == 1 then
  redis.call('EXPIRE', KEYS[2], ARGV[13])
end
local number = string.format('%s%04d', ARGV[5], n)
local id, filed = ARGV[1], ARGV[7]

redis.call('SET', KEYS[3], '1\t' .. state .. '\t' .. member .. '\t' .. ARGV[8] .. '\t' .. ARGV[6] ..
  '\t' .. number .. '\t' .. pick .. '\n' .. ARGV[2])
redis.call('ZADD', queue, score, id)
redis.call('ZADD', KEYS[4], filed, id)
redis.call('ZADD', KEYS[5], filed, id)
redis.call('ZADD', statekey, filed, id)
redis.call('INCR', KEYS[6])
if pick > 0 then
  redis.call('ZADD', KEYS[7], ARGV[8], id)
  redis.call('ZADD', KEYS[8], ARGV[8], id)
  redis.call('ZADD', KEYS[9], filed, ARGV[10])
  redis.call('HSET', KEYS[10], ARGV[10], '0\n' .. ARGV[11] .. member .. ARGV[12])
end
if ARGV[14] == '1' then
  redis.call('ZADD', KEYS[14], filed, id)
end
for i = 15 + 2 * (#KEYS - 14), #ARGV, 2 do
  redis.call('ZADD', KEYS[9], filed, ARGV[i])
  redis.call('HSET', KEYS[10], ARGV[i], '0\n' .. ARGV[i + 1])
end
redis.call('SET', KEYS[1], ARGV[3] .. '\t' .. id, 'EX', ARGV[4])
return 'new\t' .. number .. '\t' .. pick
