package io.postern.identity.signin;

import io.postern.domain.AppId;
import io.postern.identity.journal.SignInProtocol;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A request of a protocol that waits while its user signs in. Nothing is kept for browsers that never come back: the
/// request travels sealed in the forms of the sign-in pages and is read again from scratch after each of them, so what
/// was disabled in the meantime stays disabled.
public interface Errand {
    Tenant tenant();

    /// What the user signs in to.
    AppId client();

    /// Its name, as the pages show it.
    String clientName();

    /// The user name that the application expects; empty when it did not say.
    String loginHint();

    /// Sources beside our own host to which the last form may lead, see `View#formTargets()`.
    List<String> formTargets();

    Demand demand();

    /// For the forms' hidden field, made by [Errands#seal].
    String sealed();

    /// The applications that the user must be allowed to use: the client, and whatever it wants to reach for him.
    default List<AppId> uses() {
        return List.of(client());
    }

    /// Whether the application takes a user who proved himself by these methods (RFC 8176) and no other.
    default boolean isMetBy(Set<String> methods) {
        return true;
    }

    /// The languages that the application asked for (`ui_locales`); empty where it did not.
    default Optional<String> locales() {
        return Optional.empty();
    }

    /// Where the application says that its users sign in (`domain_hint`, `whr`); empty where it did not.
    default String realmHint() {
        return "";
    }

    default SignInProtocol protocol() {
        return SignInProtocol.OAUTH2;
    }
}
