package io.postern.identity.signin;

import io.postern.account.PasswordRules;
import io.postern.web.Texts;

/// What is wrong with a new password, in the language of the page.
public final class NewPasswordWords {
    private NewPasswordWords() {}

    public static String of(Texts texts, PasswordRules.Weakness weakness) {
        return switch (weakness) {
            case SHORT -> texts.of("password.short", PasswordRules.CHARACTERS_MIN);
            case LONG -> texts.of("password.long", PasswordRules.CHARACTERS_MAX);
            case COMMON -> texts.of("password.common");
            case NAME -> texts.of("password.name");
        };
    }
}
