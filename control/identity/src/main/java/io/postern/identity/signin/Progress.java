package io.postern.identity.signin;

import io.postern.identity.session.Proof;
import io.postern.store.User;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// How far a sign-in is.
///
/// @param methods what the user proved, by the names of RFC 8176
/// @param mfa when he proved a second factor
/// @param realm where he proved it, if not here
/// @param checked who checked the password elsewhere, for administrators; empty for nobody
/// @param stay what he answered to the question whether he stays signed in; empty before it
record Progress(
        User user,
        Set<String> methods,
        Optional<Instant> mfa,
        Optional<Boolean> stay,
        Optional<HomeRealm> realm,
        String checked) {
    Progress {
        methods = Set.copyOf(methods);
    }

    static Progress of(User user, Set<String> methods) {
        return new Progress(user, methods, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    /// He proved elsewhere who he is.
    static Progress from(HomeRealm realm, User user) {
        return new Progress(user, Set.of(Proof.FEDERATED), Optional.empty(), Optional.empty(), Optional.of(realm), "");
    }

    Progress withSecondFactor(Set<String> more, Instant at) {
        var all = new TreeSet<>(methods);
        all.addAll(more);
        all.add(Proof.MULTIPLE);
        return new Progress(user, all, Optional.of(at), stay, realm, checked);
    }

    Progress checked(String by) {
        return new Progress(user, methods, mfa, stay, realm, by);
    }

    Progress of(User changed) {
        return new Progress(changed, methods, mfa, stay, realm, checked);
    }

    Progress staying(boolean yes) {
        return new Progress(user, methods, mfa, Optional.of(yes), realm, checked);
    }
}
