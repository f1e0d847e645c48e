package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.PasswordSignOn.Way;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `passwordSignOnSettings` of `singleSignOnSettings`: ours, the original's form is filled in by a browser
/// extension.
final class PasswordSignOnForm {
    static final String NAME = "passwordSignOnSettings";

    private final Edit<Way> way;
    private final Edit<String> page;
    private final Edit<String> userField;
    private final Edit<String> passwordField;
    private final Edit<String> proofCookie;
    private final Edit<String> proofText;
    private final Edit<String> signOut;

    PasswordSignOnForm(JsonForm form) {
        way = form.parsed("way", PasswordSignOnForm::way);
        page = form.text("signOnPage");
        userField = form.clearable("userNameField");
        passwordField = form.clearable("passwordField");
        proofCookie = form.clearable("proofCookie");
        proofText = form.clearable("proofText");
        signOut = form.clearable("signOutPage");
    }

    /// What is left out stays, or is the default where there was none before.
    static PasswordSignOn applied(Optional<PasswordSignOnForm> form, BackendSignOn before) {
        Optional<PasswordSignOn> old =
                before instanceof PasswordSignOn password ? Optional.of(password) : Optional.empty();
        PasswordSignOnForm said = form.orElseThrow(() -> new IllegalArgumentException(
                NAME + " is missing; give at least signOnPage, the path of the page with the form (PWD-1)"));
        Way wanted = said.way.or(old.map(PasswordSignOn::way).orElse(Way.FORM));
        return new PasswordSignOn(
                wanted,
                said.page.or(wanted == Way.FORM ? old.map(PasswordSignOn::page).orElse("") : ""),
                said.userField.orKeep(old.flatMap(PasswordSignOn::userField)),
                said.passwordField.orKeep(old.flatMap(PasswordSignOn::passwordField)),
                said.proofCookie.orKeep(old.flatMap(PasswordSignOn::proofCookie)),
                said.proofText.orKeep(old.flatMap(PasswordSignOn::proofText)),
                said.signOut.orKeep(old.flatMap(PasswordSignOn::signOut)));
    }

    static void write(PasswordSignOn settings, ObjectNode signOn) {
        signOn.putObject(NAME)
                .put("way", settings.way().text())
                .put("signOnPage", settings.page())
                .put("userNameField", settings.userField().orElse(null))
                .put("passwordField", settings.passwordField().orElse(null))
                .put("proofCookie", settings.proofCookie().orElse(null))
                .put("proofText", settings.proofText().orElse(null))
                .put("signOutPage", settings.signOut().orElse(null));
    }

    private static Way way(String value) {
        return Arrays.stream(Way.values())
                .filter(way -> way.text().equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("way '" + value + "' is unknown; use form or basic"));
    }
}
