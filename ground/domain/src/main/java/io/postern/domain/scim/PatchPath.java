package io.postern.domain.scim;

import java.util.Optional;

/// What a change is about.
///
/// @param filter which values of a list; empty: all
public record PatchPath(AttributePath attribute, Optional<Filter> filter) {
    /// @throws ScimFault `invalidPath`
    public static PatchPath parse(String text) {
        try {
            return new FilterParser(text).path();
        } catch (ScimFault fault) {
            throw ScimFault.path(String.valueOf(fault.getMessage()).replaceFirst("^filter ", "path "));
        }
    }
}
