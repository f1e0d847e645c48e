package io.postern.run.connector;

import java.time.Duration;

/// What one step of the pre-flight came to.
///
/// @param step one of few fixed words
/// @param what was found, one sentence for a person
/// @param remedy what to do; empty while all is well
record Finding(String step, Verdict verdict, String what, Duration took, String remedy) {
    enum Verdict {
        OK("ok", "✓"),
        /// Works, and should be looked at.
        WARNING("warning", "!"),
        FAILED("failed", "✗"),
        /// Could not be looked at, because a step before failed or something was not given.
        SKIPPED("skipped", "-");

        private final String word;
        private final String sign;

        Verdict(String word, String sign) {
            this.word = word;
            this.sign = sign;
        }

        String word() {
            return word;
        }

        String sign() {
            return sign;
        }
    }

    static Finding ok(String step, String what, Duration took) {
        return new Finding(step, Verdict.OK, what, took, "");
    }

    static Finding warning(String step, String what, Duration took, String remedy) {
        return new Finding(step, Verdict.WARNING, what, took, remedy);
    }

    static Finding failed(String step, String what, Duration took, String remedy) {
        return new Finding(step, Verdict.FAILED, what, took, remedy);
    }

    static Finding skipped(String step, String what) {
        return new Finding(step, Verdict.SKIPPED, what, Duration.ZERO, "");
    }
}
