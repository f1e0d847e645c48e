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
/// @param stay what he answered to the question whether he stays signed in; empty before it
record Progress(User user, Set<String> methods, Optional<Instant> mfa, Optional<Boolean> stay) {
    Progress {
        methods = Set.copyOf(methods);
    }

    static Progress of(User user, Set<String> methods) {
        return new Progress(user, methods, Optional.empty(), Optional.empty());
    }

    Progress withSecondFactor(Set<String> more, Instant at) {
        var all = new TreeSet<>(methods);
        all.addAll(more);
        all.add(Proof.MULTIPLE);
        return new Progress(user, all, Optional.of(at), stay);
    }

    Progress of(User changed) {
        return new Progress(changed, methods, mfa, stay);
    }

    Progress staying(boolean yes) {
        return new Progress(user, methods, mfa, Optional.of(yes));
    }
}
