package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// A guest looks at his invitation, and accepts it.
///
/// @param code proves his address
/// @param inviter who invites, by name
/// @param organisation to which
/// @param address the guest's
/// @param provider where he signs in; empty: here, with a password that he chooses now
/// @param onward where he goes to sign in at the provider
public record InvitationPage(
        String action,
        String csrf,
        String code,
        String inviter,
        String organisation,
        String address,
        String provider,
        String onward,
        int charactersMin,
        String error,
        Branding branding)
        implements View {
    @Override
    public String template() {
        return "invitation.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("invitation.title", organisation);
    }

    /// What the guest agrees to, by the keys of the texts.
    public List<String> terms() {
        return List.of("invitation.terms.name", "invitation.terms.log", "invitation.terms.end");
    }

    @Override
    public boolean failed() {
        return !error.isEmpty();
    }
}
