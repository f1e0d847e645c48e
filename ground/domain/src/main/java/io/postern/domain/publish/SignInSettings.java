package io.postern.domain.publish;

import java.util.Optional;

/// How a tenant's users sign in.
///
/// @param mfa who needs a second factor for whatever he opens
/// @param mfaRegistration whoever has no second factor sets one up at the next sign-in
/// @param askToStay users are asked whether they want to stay signed in (50140)
/// @param passwordDays a password must be changed when it is older (50055); empty: never
public record SignInSettings(MfaNeed mfa, boolean mfaRegistration, boolean askToStay, Optional<Integer> passwordDays) {

    public enum MfaNeed {
        NOBODY,
        /// Holders of any directory role.
        ADMINISTRATORS,
        EVERYBODY
    }

    public static final SignInSettings DEFAULT = new SignInSettings(MfaNeed.NOBODY, false, true, Optional.empty());

    private static final int PASSWORD_DAYS_MAX = 730; // the original's limit

    public SignInSettings {
        if (passwordDays.filter(days -> days < 1 || days > PASSWORD_DAYS_MAX).isPresent()) {
            throw new IllegalArgumentException(
                    "passwordValidityDays must be from 1 to " + PASSWORD_DAYS_MAX + "; null means no limit");
        }
    }
}
