# The conversation in a messenger.

## Connecting

bot-enter-code = Enter your activation code
bot-activated = Activation successful
bot-wrong-code = This activation code is wrong. Check it and send it again
bot-code-expired = The code has expired. Please contact your { -curator }
bot-too-many-codes =
    { $minutes ->
        [one] Too many attempts. Try again in { $minutes } minute
       *[other] Too many attempts. Try again in { $minutes } minutes
    }
bot-connected =
    { $messenger ->
        [web] This chat is already connected
       *[telegram] This Telegram account is already connected
    }
bot-welcome-back = Good to have you back. Your reminders will continue as planned

## Menu

bot-menu = Choose what to show
bot-help =
    This bot reminds you of what matters and keeps you in touch with your { -curator }.

    “{ label-bot-3-days }”, “{ label-bot-7-days }”, “{ label-bot-14-days }”, “{ label-bot-30-days }” show what is planned for these days.
    “{ label-bot-support-measures }”, “{ label-bot-information }”, “{ label-bot-meeting }” list one kind each.
    “{ label-bot-contact }” asks for somebody to get in touch with you.
    To send a file, tap the paperclip and choose it.
    Under a reminder, tap “{ label-bot-done }” or “{ label-bot-missed }”.
bot-nothing-planned = There are no reminders for this period
bot-no-entries = There is nothing here
bot-and-more = and { $count } more

## Files

bot-upload-hint = Tap the paperclip to the left of the message field and choose a file
bot-upload-hint-web = Tap the paperclip next to the message field and choose a file

## Contact

bot-contact-sent = Your contact request has been sent
bot-contact-open = Your request has already been sent. Your { -curator } will get in touch with you
bot-contact-added = Your message has been added to the request. Your { -curator } will get in touch with you
bot-free-text = To get in touch with your { -curator }, tap “{ label-bot-contact }”
bot-pass-on = Pass the message on
bot-text-forgotten = This message can no longer be passed on. Please write it again

## Buttons under messages

bot-already-reacted = Your answer has already been taken: { $reaction }
bot-reminder-gone = This reminder is no longer valid
bot-old-button = This button no longer works
