package io.postern.admin.outbound;

import io.postern.domain.outbound.OutboundMapping;
import io.postern.store.User;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an application is told of a user.
final class Told {
    private Told() {}

    static Map<String, String> of(User user, OutboundMapping mapping) {
        var properties = new HashMap<String, List<String>>();
        user.attributes().values().forEach((name, values) -> properties.put(name.toLowerCase(Locale.ROOT), values));
        properties.put("id", List.of(user.id().value()));
        properties.put("userprincipalname", List.of(user.userPrincipalName()));
        properties.put("displayname", List.of(user.displayName()));
        properties.put("accountenabled", List.of(Boolean.toString(user.accountEnabled())));
        user.givenName().ifPresent(name -> properties.put("givenname", List.of(name)));
        user.surname().ifPresent(name -> properties.put("surname", List.of(name)));
        user.mail().ifPresent(mail -> properties.put("mail", List.of(mail)));
        return mapping.values(properties);
    }
}
