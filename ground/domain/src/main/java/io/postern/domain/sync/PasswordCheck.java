package io.postern.domain.sync;

import java.time.Duration;

/// Who says whether the password of a user is right whom a directory brings (PWC-1), and how many wrong ones are sent
/// there: fewer than the directory itself takes, so that no stranger locks the account there (PWC-4).
///
/// @param onPremises his directory, asked by a connector; false: what is kept here
/// @param triesMax so many wrong ones pause the name here; of use on premises only
/// @param pause how long, at the least; longer than the directory remembers wrong ones
public record PasswordCheck(boolean onPremises, int triesMax, Duration pause) {
    private static final int TRIES = 5;
    private static final int TRIES_MAX = 10;
    private static final Duration PAUSE = Duration.ofMinutes(31);
    private static final Duration PAUSE_MAX = Duration.ofHours(24);

    public static final PasswordCheck HERE = new PasswordCheck(false, TRIES, PAUSE);

    /// @throws IllegalArgumentException with a sentence that names what is wrong
    public PasswordCheck {
        if (triesMax < 1 || triesMax > TRIES_MAX) {
            throw new IllegalArgumentException("passwordTriesMax is " + triesMax + " but must be from 1 to " + TRIES_MAX
                    + ", less than half of what the directory's own lockout takes");
        }
        if (pause.compareTo(Duration.ofMinutes(1)) < 0 || pause.compareTo(PAUSE_MAX) > 0) {
            throw new IllegalArgumentException("passwordPauseMinutes is " + pause.toMinutes()
                    + " but must be from 1 to " + PAUSE_MAX.toMinutes()
                    + ", more than after which the directory forgets wrong passwords");
        }
    }
}
