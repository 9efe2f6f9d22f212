# Consent to the processing of personal data, asked by the bot.

consent-text =
    To send you reminders and to answer you, the organisation processes your personal data: name, phone, what you write to this bot, files you send and your marks on reminders. The data are kept on the organisation’s server and are not handed to others.

    You may withdraw your consent and ask for the data to be erased at any time.

    If you agree to the processing of personal data, press the button below. To connect to the bot, consent is needed.
bot-agree = I agree
bot-agreed = Consent received
bot-consent-anew = Please read the consent to the processing of personal data and press “{ bot-agree }”. Reminders come as before.
consent-given = Consent to the processing of data: { $moment }, { $messenger }, version { $version }
consent-older = Consent to the processing of data: { $moment }, { $messenger }, earlier version { $version }
