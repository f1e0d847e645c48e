package io.postern.admin.service;

import io.postern.domain.directory.Attributes;
import io.postern.domain.membership.Candidate;
import io.postern.store.User;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/// Users as rules of dynamic groups see them.
final class Candidates {
    private Candidates() {}

    /// @param groups ids of the groups that he is a direct member of, at least those that rules ask for
    static Candidate of(User user, Set<String> groups) {
        var values = new HashMap<String, List<String>>(user.attributes().values());
        values.put("id", List.of(user.id().value()));
        values.put("userPrincipalName", List.of(user.userPrincipalName()));
        values.put("displayName", List.of(user.displayName()));
        values.put("accountEnabled", List.of(Boolean.toString(user.accountEnabled())));
        values.put(Attributes.USER_TYPE, List.of(user.attributes().userType()));
        user.givenName().ifPresent(name -> values.put("givenName", List.of(name)));
        user.surname().ifPresent(name -> values.put("surname", List.of(name)));
        user.mail().ifPresent(mail -> values.put("mail", List.of(mail)));
        if (user.attributes().isSynchronised()) {
            values.put("dirSyncEnabled", List.of("true")); // true or nothing, as in the original
        }
        return new Candidate(user.id().value(), values, groups);
    }
}
