-- Adds consents of a person for a purpose. The client and the platform both report
-- a tap, in either order: a report of one source is matched with a recent one of
-- the other, and both count once.
--
-- KEYS  1 consents of the person
-- ARGV  1 purpose           2 how many                3 now, ms
--       4 how long a telling waits for the other, ms
--       5 source: "r" reported by the client, "c" confirmed by the platform, ""
--         for what is told once
--       6 id of the delivery that tells it, "" for none
-- Answers how many were added
--
-- Beside the count, <purpose>:r and <purpose>:c hold "<unmatched>:<ms>" of each
-- source, and :last holds the delivery that was counted last: repeating it adds
-- nothing.

local purpose, n, now, window, source = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
if ARGV[6] ~= '' and redis.call('HGET', KEYS[1], ':last') == ARGV[6] then
  return 0
end

local function waiting(field)
  local value = redis.call('HGET', KEYS[1], field)
  local k, at = string.match(value or '', '^(%d+):(%d+)$')
  if not k or now - tonumber(at) > window then
    return 0, now
  end
  return tonumber(k), tonumber(at)
end

local matched, own, other = 0, purpose .. ':' .. source, purpose .. (source == 'r' and ':c' or ':r')
if source ~= '' then
  local k, at = waiting(other)
  matched = math.min(n, k)
  if matched > 0 then
    redis.call('HSET', KEYS[1], other, string.format('%d:%d', k - matched, at))
  end
end
local added = n - matched
if added > 0 then
  redis.call('HINCRBY', KEYS[1], purpose, added)
  if source ~= '' then
    redis.call('HSET', KEYS[1], own, string.format('%d:%d', waiting(own) + added, now))
  end
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], ':last', ARGV[6])
end
return added
