package io.postern.domain.links;

import java.util.List;

/// Answers in which no links were looked for, all for the same reason.
///
/// @param detail such as the name of the coding; may be empty
/// @param pages some of their paths, as users see them
public record SeenAnswer(LinkFinding finding, String detail, long count, List<String> pages) {}
