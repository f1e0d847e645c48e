package io.postern.admin.service;

import io.postern.domain.signon.SignOnMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An application as the gallery knows it: what to ask, and what follows from the answers.
///
/// @param id a UUID, as the original's
/// @param key short name for people, `grafana-saml`
/// @param signOn document of [io.postern.domain.signon.SignOnDocument], its texts with `{parameter}`
/// @param proxied published by way of a connector: the internal URL is asked for
/// @param publishing how, where it is published
/// @param redirectUris of OpenID Connect
/// @param steps what to do in the application, in order; one that begins with `[parameter=value]` only at that
/// answer
/// @param source the file it came from
public record Template(
        String id,
        String key,
        String name,
        String publisher,
        String description,
        List<String> categories,
        SignOnMode mode,
        boolean proxied,
        TemplatePublishing publishing,
        List<Parameter> parameters,
        Map<String, Object> signOn,
        List<String> redirectUris,
        Optional<String> homePage,
        List<Role> roles,
        List<String> steps,
        Optional<String> notes,
        String source) {
    /// A free part.
    ///
    /// @param usual a regular expression; another value is warned about, not refused
    /// @param choices the only answers there are; none: anything
    public record Parameter(
            String name,
            String description,
            boolean required,
            Optional<String> defaultValue,
            Optional<String> usual,
            List<String> choices) {}

    /// What somebody may be in the application; see [io.postern.domain.directory.AppRole].
    public record Role(String value, String name, String description) {}

    /// Whether all words occur somewhere in what people read of it.
    public boolean answers(String search) {
        String text = (key + " " + name + " " + publisher + " " + description + " " + String.join(" ", categories))
                .toLowerCase(java.util.Locale.ROOT);
        return java.util.Arrays.stream(search.toLowerCase(java.util.Locale.ROOT).split("\\s+", -1))
                .allMatch(text::contains);
    }
}
