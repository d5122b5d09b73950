-- Files a submission: number, value, queue, lists, deadline, notice and idempotency
-- key, all or nothing.
--
-- KEYS  1 idempotency key   2 the day's sequence      3 value
--       4 all               5 mine of the filer       6 count
--       7 due               8 urge                    9 outbox
--      10 outbox data      11 state:assigned         12 state without a member
--      13 pool             14 alarms                15 asked
--      16 unsure            17 changed              18 filed, by code
--      19.. inbox of each it is offered to; none for a held one
-- ARGV  1 local id          2 body with its codec, sealed as below
--       3 hash of the request
--       4 seconds to remember the idempotency key     5 number's prefix "YYMMDD-"
--       6 filer             7 filed at, ms            8 due at, ms
--       9 state without a member ("pooled", "held")
--      10 id of the notice 11 its text before and    12 after the member's id
--      13 seconds to keep the sequence
--      14 "1" if it speaks of a danger
--      15 "1" if its deadline is provisional
--      16 first reminder, ms   17 entries of changed to keep, about
--      18 the scanned code, "" for none
--      19.. member id, capacity and score of each it is offered to
--         then id and text of each further notice
-- A sealed body begins with "f", a byte with the length of the key's id, and that
-- id; then comes a tag of 16 bytes for no member, then one for each it is offered
-- to. The tag of the one who takes it is kept, with a checksum over the head.
-- It is assigned to the candidate with room and the greatest score. Among equals it
-- is the one with the smallest share of their room used (in thousandths), then with
-- the smallest load, then with the oldest last assignment, then the first.
-- Answers, a string of parts joined by tabs:
--   new <number> <pick>   filed; pick is the one of the offered from 1, 0 for
--                         none; then, if any were full, ":" and their bits in
--                         hexadecimal, the first one's lowest
--   old <local id>        the same request was filed before; then its number and the
--                         state it was filed into, if that was written down
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
local offered, ids, best, nibbles = #KEYS - 18, {}, nil, {}
for i = 1, offered do
  ids[i] = ARGV[16 + 3 * i]
end
local asked = offered > 0 and redis.call('HMGET', KEYS[15], unpack(ids)) or {}
for i = 1, offered do
  local load, room = redis.call('ZCARD', KEYS[18 + i]), tonumber(ARGV[17 + 3 * i])
  if load >= room then
    local at = math.floor((i - 1) / 4) + 1
    nibbles[at] = (nibbles[at] or 0) + 2 ^ ((i - 1) % 4)
  else
    local rank = { -tonumber(ARGV[18 + 3 * i]), math.floor(1000 * load / room), load, tonumber(asked[i] or 0), i }
    for k = 1, #rank do
      if not best or rank[k] < best[k] then
        best, pick = rank, i
        break
      elseif rank[k] > best[k] then
        break
      end
    end
  end
end
local full = ''
for at = math.floor((offered + 3) / 4), 1, -1 do
  full = full .. string.format('%x', nibbles[at] or 0)
end
full = string.match(full, '[1-9a-f]') and ':' .. full or ''
if pick > 0 then
  member, state, statekey, queue, score = ids[pick], 'assigned', KEYS[11], KEYS[18 + pick], ARGV[8]
end

local n = redis.call('INCR', KEYS[2])
if n == 1 then
  redis.call('EXPIRE', KEYS[2], ARGV[13])
end
local number = string.format('%s%04d', ARGV[5], n)
local id, filed = ARGV[1], ARGV[7]

local head = '1\t' .. state .. '\t' .. member .. '\t' .. ARGV[8] .. '\t' .. ARGV[6] ..
  '\t' .. number .. '\t' .. pick .. full
local body = ARGV[2]
if string.sub(body, 1, 1) == 'f' then
  local from = 3 + string.byte(body, 2)
  local tag = string.sub(body, from + 16 * pick, from + 16 * pick + 15)
  body = string.sub(body, 1, from - 1) .. tag .. string.sub(redis.sha1hex(head .. tag), 1, 8) ..
    string.sub(body, from + 16 * (offered + 1))
end
redis.call('SET', KEYS[3], head .. '\n' .. body)
redis.call('ZADD', queue, score, id)
redis.call('ZADD', KEYS[4], filed, id)
redis.call('ZADD', KEYS[5], filed, id)
redis.call('ZADD', statekey, filed, id)
redis.call('INCR', KEYS[6])
if ARGV[18] ~= '' then
  redis.call('HINCRBY', KEYS[18], ARGV[18], 1)
end
redis.call('ZADD', KEYS[8], ARGV[16], id)
if pick > 0 then
  redis.call('HSET', KEYS[15], member, filed)
  redis.call('ZADD', KEYS[7], ARGV[8], id)
  redis.call('ZADD', KEYS[9], filed, ARGV[10])
  redis.call('HSET', KEYS[10], ARGV[10], '0\n' .. ARGV[11] .. member .. ARGV[12])
end
if ARGV[14] == '1' then
  redis.call('ZADD', KEYS[14], filed, id)
end
if ARGV[15] == '1' then
  redis.call('ZADD', KEYS[16], filed, id)
end
for i = 19 + 3 * offered, #ARGV, 2 do
  redis.call('ZADD', KEYS[9], filed, ARGV[i])
  redis.call('HSET', KEYS[10], ARGV[i], '0\n' .. ARGV[i + 1])
end
redis.call('XADD', KEYS[17], 'MAXLEN', '~', ARGV[17], '*', 's', id)
redis.call('SET', KEYS[1], ARGV[3] .. '\t' .. id .. '\t' .. number .. '\t' .. state, 'EX', ARGV[4])
return 'new\t' .. number .. '\t' .. pick .. full
