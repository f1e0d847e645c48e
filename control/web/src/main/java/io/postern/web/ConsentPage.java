package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// Asks whether a client may have what it asks for.
///
/// @param request what continues afterwards, sealed
/// @param permissions in words, one each
/// @param mode whether it is for the user alone
public record ConsentPage(
        String action,
        String csrf,
        String request,
        String application,
        String userName,
        List<String> permissions,
        Mode mode,
        List<String> targets,
        Branding branding)
        implements View {
    public enum Mode {
        /// For himself.
        USER,
        /// For himself or, as an administrator, for everybody.
        CHOICE,
        /// For everybody.
        EVERYBODY
    }

    public ConsentPage {
        permissions = List.copyOf(permissions);
        targets = List.copyOf(targets);
    }

    public boolean maySpeakForEverybody() {
        return mode == Mode.CHOICE;
    }

    public boolean isForEverybody() {
        return mode == Mode.EVERYBODY;
    }

    @Override
    public String template() {
        return "consent.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("consent.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }
}
