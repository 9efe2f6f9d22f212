# Letters to holders of accounts.

notice-subject = { product-short-name }: { $what }
notice-lead = Account “{ $login }”: { $what }.
notice-when = When: { $moment }
notice-device = Device: { $device }
notice-address = Network address: { $address }
notice-who = Who: { $name }
notice-what-to-do = If it was you, or you were told of it, there is nothing to do. If not, change the password at once and end your other sessions: { $address }. If you cannot sign in, ask the administrator.

notice-new-place = sign-in from a new device or address
notice-password = password changed
notice-second-factor-on = two-factor sign-in switched on
notice-second-factor-off = two-factor sign-in switched off
notice-recovery-codes = new recovery codes drawn
