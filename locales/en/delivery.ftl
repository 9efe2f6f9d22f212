# «Delivery»: what leaves, what waits and why.

label-menu-delivery = Delivery
delivery-intro = How messages and letters leave, what waits to be sent and what did not arrive.
delivery-at = As of { $time }.
delivery-renew = Refresh

delivery-channel-telegram = Telegram
delivery-channel-web = Web chat
delivery-channel-email = Mail

## When sending stands still.

delivery-standing-no-sender = { $channel }: sending has stood still since { $since } — nobody sends.
delivery-standing-bot = { $channel }: the bot has not worked since { $since }.
delivery-standing-stuck = { $channel }: sending has stood still since { $since } — messages wait and do not leave.
delivery-standing-look = Open “{ label-menu-delivery }”
delivery-standing-calm = The administrator sees it on the first page. Nothing is lost: whatever is still in time leaves as soon as the connection is back.
delivery-watch-late = The watch over sending last looked at { $moment }. It looks every minute, so the worker process is not running: reminders do not come due, letters do not leave.

delivery-letter-standing = { product-short-name }: sending stands still ({ $channel })
delivery-letter-moving = { product-short-name }: sending goes on ({ $channel })
delivery-letter-said = The reason in the server’s words: { $detail }
delivery-letter-text = While sending stands still, reminders do not reach people. Details: { $address }. This letter comes once a day until the cause is mended.
delivery-letter-moved = Sending stood still from { $since } to { $until } ({ $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }) and goes on.
delivery-letter-after = What did not arrive meanwhile, and why: { $address }

## Channels.

delivery-channels = Channels
delivery-state-moving = Works
delivery-state-paused = Pause until { $time }
delivery-state-standing = Standing since { $since }
delivery-state-nobody = Nobody sends
delivery-state-trouble = In trouble
delivery-state-off = Not used
delivery-paused-text = The messenger asked to wait: too many requests. Sending goes on by itself.
delivery-off-text = The channel is not set up: nothing is sent through it.
delivery-due = Waiting to be sent
delivery-put-off = of these put off until a next try: { $count }
delivery-oldest = The oldest has waited
delivery-later = Meant for later
delivery-under-way = Being sent now
delivery-delivered = Delivered in 24 hours
delivery-failed = Not delivered in 24 hours
delivery-at-least = at least { $number }
delivery-sender = Sender
delivery-sender-there = at work
delivery-sender-nobody = nobody
delivery-bot = Bot
delivery-bot-unknown = has not answered yet
delivery-bot-well = @{ $name } answers
delivery-updates = People’s answers
delivery-updates-polling = polling
delivery-updates-webhook = webhook
delivery-heard = last at { $moment }
delivery-said = Last error
delivery-less-than-minute = less than a minute
delivery-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
delivery-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
delivery-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

delivery-queue = The queue by waiting time
delivery-queue-text = How many messages and letters wait to be sent, and for how long.
delivery-queue-empty = Everything is sent. The queue is empty.
delivery-queue-empty-text = As soon as something waits to be sent, a picture appears here: how much, and for how long.
delivery-age-minute = under 1 min
delivery-age-five = 1–5 min
delivery-age-hour = 5–60 min
delivery-age-more = over an hour

## What did not arrive.

delivery-faults = Not delivered
delivery-faults-text = Of the last 90 days, the latest first.
delivery-faults-none = Everything was delivered
delivery-faults-none-text = A message or letter that does not arrive appears here with the reason, and can be sent once more.
delivery-nothing-found = Nothing of this kind
delivery-all-channels = All channels
delivery-all-faults = All reasons
delivery-channel = Channel
delivery-fault = Reason
delivery-when = When
delivery-what = What
delivery-whom = To whom
delivery-show = Show
delivery-fault-blocked = The bot is blocked, or the chat is gone
delivery-fault-refused = The messenger refused it
delivery-fault-letter-refused = The mail server refused it
delivery-fault-gave-up = Did not succeed in its time
delivery-fault-too-late = Its time was over before it could be sent
delivery-fault-unknown-twice = Twice unknown whether it arrived
delivery-what-reminder = Reminder
delivery-what-reply = Answer
delivery-what-change = Change of a message
delivery-what-message = Message
delivery-what-letter = Letter: { $subject }
delivery-tick = Choose
delivery-again = Send once more
delivery-again-ticked = Send the chosen
delivery-again-all = Send all found
delivery-over = its time is over

## Send once more.

delivery-confirm = Send once more?
delivery-confirm-ticked =
    { $count ->
        [one] { $count } message is chosen.
       *[other] { $count } messages are chosen.
    }
delivery-confirm-all =
    { $count ->
        [one] { $shown } message was found; still in time: { $intime }.
       *[other] { $shown } messages were found; still in time: { $intime }.
    }
delivery-confirm-rules = Left out is what was answered meanwhile, excluded or deleted, whose recipient cannot be reached, and whose time is over: a late reminder may do harm. What may have arrived already begins with “{ outbox-repeat }”. Afterwards we say how many left and how many were left out.
delivery-confirm-yes = Send { $shown }
delivery-nothing-ticked = Nothing is chosen
delivery-nothing-ticked-text = Choose messages in the list, or press “{ delivery-again-all }”.
delivery-back = Back to “{ label-menu-delivery }”
delivery-resent =
    { $count ->
        [0] Nothing was sent.
        [one] Queued again: { $count } message.
       *[other] Queued again: { $count } messages.
    }
delivery-resent-all = { $sent }
delivery-resent-left = { $sent } Left out: { $left }.
delivery-resent-more = { $sent } There is more: press once more to go on.
delivery-left-too-late = its time is over — { $count }
delivery-left-answered = answered already — { $count }
delivery-left-withdrawn = excluded or deleted — { $count }
delivery-left-deleted = card deleted — { $count }
delivery-left-unreachable = cannot be reached — { $count }
delivery-left-channel-off = channel not used — { $count }
delivery-left-gone = sent again already — { $count }

## Out of reach.

delivery-unreachable = Out of reach
delivery-unreachable-blocked = Blocked the bot
delivery-unreachable-not-connected = Never connected, the code has ended
delivery-unreachable-none = Everybody can be reached
delivery-unreachable-none-text = Those who blocked the bot or never connected appear here: they need a call.
delivery-since = Since when
delivery-phone = Telephone
