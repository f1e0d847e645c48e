package io.postern.domain.links;

import java.util.List;
import java.util.Optional;

/// A link that leads inside, and how often it was seen. Holds no query, no user information and no long ids.
///
/// @param url as it stood there
/// @param place where in the answer, such as `attribute` or `script`
/// @param becomes what it is outside, or would be if the place were switched on
/// @param pages some paths on which it was seen, as users see them
public record SeenLink(
        String url, String place, LinkFinding finding, Optional<String> becomes, long count, List<String> pages) {}
