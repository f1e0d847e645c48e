package io.postern.web;

import java.util.List;
import java.util.Optional;

/// A second factor that the user has.
///
/// @param way which one is asked for
/// @param others what he may choose instead
/// @param passkey with [Way#PASSKEY]
public record SecondFactorPage(Step step, Way way, List<Way> others, Optional<PasskeyCall> passkey)
        implements StepView {
    public enum Way {
        TOTP,
        PASSKEY,
        RECOVERY;

        /// For the form and for keys of texts.
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public static Optional<Way> of(String text) {
            for (Way way : values()) {
                if (way.text().equals(text)) {
                    return Optional.of(way);
                }
            }
            return Optional.empty();
        }
    }

    public SecondFactorPage {
        others = List.copyOf(others);
    }

    @Override
    public String template() {
        return "second-factor.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("factor.title");
    }

    @Override
    public boolean asksPasskey() {
        return passkey.isPresent();
    }
}
