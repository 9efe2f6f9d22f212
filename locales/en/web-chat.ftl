# The chat in the browser.

web-chat-title = Chat
web-chat-curator = { -curator } { $name }
web-chat-lines = Messages
web-chat-today = Today
web-chat-yesterday = Yesterday
web-chat-earlier = Earlier messages
web-chat-latest = To the latest messages
web-chat-you = You
web-chat-bot = Bot
web-chat-message = Message
web-chat-send = Send
web-chat-attach = Attach a file
web-chat-send-file = Send the file
web-chat-menu = Menu

web-chat-code-title = Connect
web-chat-code = Activation code
web-chat-code-hint = The ten digits your { -curator } gave you
web-chat-code-missing = Enter your activation code
web-chat-connect = Connect
web-chat-too-many =
    { $minutes ->
        [one] Too many attempts. Try again in { $minutes } minute
       *[other] Too many attempts. Try again in { $minutes } minutes
    }
