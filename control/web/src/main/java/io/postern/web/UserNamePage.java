package io.postern.web;

import java.util.List;

/// Who wants to sign in: his name, or a passkey that says it.
///
/// @param realms where he may sign in instead
/// @param elsewhere some names lead elsewhere, so there is a way to a password here
public record UserNamePage(Step step, PasskeyCall passkey, List<RealmButton> realms, boolean elsewhere)
        implements StepView {
    public UserNamePage {
        realms = List.copyOf(realms);
    }

    public UserNamePage(Step step, PasskeyCall passkey) {
        this(step, passkey, List.of(), false);
    }

    @Override
    public String template() {
        return "user-name.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signIn.title");
    }

    @Override
    public boolean asksPasskey() {
        return true;
    }
}
