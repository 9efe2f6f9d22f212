# The story of one reminder: why it stands where it stands.

story-added = added { $when }: { $name }
story-claimed = Handed over for sending
story-fired = Fired
story-down = The server did not work from { $from } to { $to }
story-standstill = { $messenger } took no messages from { $from } to { $to }
story-ours = our failure: it does not count against the { -citizen }
story-held = It had to wait: the messenger limited sending
story-retried = It could not be sent and was tried again
story-repeated = Sent once more: nobody knows whether the first arrived
story-lost = Nobody knows whether the second arrived either
story-blocked = The bot is blocked
story-refused = The messenger refused
story-times =
    { $count ->
        [one] { $count } time, the last { $last }
       *[other] { $count } times, the last { $last }
    }
story-number = message no. { $number }
story-marked-repeat = marked as a repetition
story-answered-after = { $how } after { $after }
story-answered-late = { $how }, late
story-marked-from = { $how } (was “{ $from }”)
story-why = Story
