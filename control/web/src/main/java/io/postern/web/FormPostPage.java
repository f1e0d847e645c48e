package io.postern.web;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Passes an authorization answer on by POST (OAuth 2.0 Form Post Response Mode); works with one click
/// where scripts are off.
public record FormPostPage(String action, List<Map.Entry<String, String>> fields, List<String> targets)
        implements View {
    public FormPostPage {
        fields = List.copyOf(fields);
        targets = List.copyOf(targets);
    }

    public static FormPostPage of(String action, SequencedMap<String, String> fields, List<String> targets) {
        return new FormPostPage(action, List.copyOf(fields.entrySet()), targets);
    }

    @Override
    public String template() {
        return "form-post.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("formPost.title");
    }

    @Override
    public List<String> formTargets() {
        return targets;
    }

    @Override
    public Switch languageSwitch() {
        return Switch.NONE;
    }

    @Override
    public boolean submitsItself() {
        return true;
    }
}
