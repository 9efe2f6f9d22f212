# The guide (PT-014): for the administrator, the curator, and what the citizen needs.

guide-lead = How to work with “{ product-name }”, in short.
guide-contents = Contents

guide-administrator = For the administrator
guide-administrator-start = First sign-in
guide-administrator-start-1 = Open the server’s address in a browser and sign in with the login and password that the installation showed.
guide-administrator-start-2 = You will be asked to change a one-time password at once. The main login can be changed under “{ label-menu-settings }”.
guide-administrator-curators = Staff accounts
guide-administrator-curators-1 = Under “{ label-menu-curators }”, press “{ curators-add }”. A surname is enough; to let the person sign in, give a login and a password.
guide-administrator-curators-2 = To change a record, open it and press “{ panel-change }”. The password can be changed then, too.
guide-administrator-curators-3 = “{ panel-delete }” removes a record. First hand over everybody it is responsible for; the name stays in the history.
guide-administrator-mail = Mail
guide-administrator-mail-1 = Under “{ label-menu-settings }”, fill in the sender’s details and press “{ panel-save }”.
guide-administrator-mail-2 = Press “{ settings-check }”. If the button turns into “{ settings-check-good }”, letters will go out. If it says “{ settings-check-bad }”, the reason stands below it.
guide-administrator-mail-3 = Enter your own address as well if you want copies of letters about contact requests, files and reminders.

guide-curator = For { -curator(number: "pl") }
guide-curator-citizen = A new card
guide-curator-citizen-1 = Under “{ label-menu-citizens }”, add { -citizen(case: "indef") }. Surname, first name and phone number are required.
guide-curator-citizen-2 = After saving, an activation code appears. Pass it on together with the bot’s name: the code is valid for a limited time and can be extended.
guide-curator-citizen-3 = Once the code has been entered, the card shows that the bot is connected. If the phone has changed, disconnect the bot and issue a new code.
guide-curator-programme = Reminders
guide-curator-programme-1 = On the tab “{ label-tab-programme }”, add a reminder: kind, text, date and time. It can repeat by days, weeks or months.
guide-curator-programme-2 = In the calendar, colour and sign show the state of a reminder: blue – planned, yellow – waiting for an answer, green – done, red – missed, grey – not delivered, black – excluded.
guide-curator-programme-3 = A planned reminder can be changed, excluded from its series or deleted – alone or together with all that follow.
guide-curator-contact = Files and contact requests
guide-curator-contact-1 = Files that were sent are on the tab “{ label-tab-files }”: look at a file and give it a type.
guide-curator-contact-2 = A contact request comes by e-mail and is shown on the tab “{ label-tab-history }”. After the call, write down its result there.

guide-citizen = What to tell { -citizen(number: "pl") }
guide-citizen-start = Getting connected
guide-citizen-start-1 = Find the bot in the messenger by the name you were given and press “Start”. Without a messenger, open the chat page in a browser.
guide-citizen-start-2 = Send the activation code as one message. The bot answers and shows the menu.
guide-citizen-answer = Answering a reminder
guide-citizen-answer-1 = Below a reminder there are two buttons: “{ label-bot-done }” and “{ label-bot-missed }”. Press one of them – that is all.
guide-citizen-menu = The menu
guide-citizen-menu-1 = “{ label-bot-3-days }”, “{ label-bot-7-days }”, “{ label-bot-14-days }” and “{ label-bot-30-days }” show what is planned for those days.
guide-citizen-menu-2 = “{ label-bot-support-measures }”, “{ label-bot-information }” and “{ label-bot-meeting }” show the reminders of that kind.
guide-citizen-menu-3 = “{ label-bot-upload }” is for sending a document or a photo. “{ label-bot-contact }” asks for a call back.
