package io.postern.web;

import java.util.List;

/// What the user proves himself with: to look at, to add, to rename, to remove.
///
/// @param step its action is the page's own address
/// @param methods oldest first
/// @param done what was just done, in words; empty for nothing
/// @param secondFactor he has one
/// @param passwordHere it is kept here, and can be changed here
/// @param back to My Apps
public record SecurityInfoPage(
        Step step,
        List<Method> methods,
        String done,
        boolean secondFactor,
        int charactersMin,
        boolean passwordHere,
        String back)
        implements StepView {
    /// @param kind key of the text that names the kind
    /// @param name as the user called it; empty where kinds suffice
    /// @param facts in words: when it was added, used, ends
    /// @param renamed it can be
    public record Method(String id, String kind, String name, String facts, boolean renamed) {}

    public SecurityInfoPage {
        methods = List.copyOf(methods);
    }

    @Override
    public String template() {
        return "security-info.jte";
    }

    @Override
    public Switch languageSwitch() {
        return Switch.HERE;
    }

    @Override
    public String title(Texts texts) {
        return texts.of("security.title");
    }
}
