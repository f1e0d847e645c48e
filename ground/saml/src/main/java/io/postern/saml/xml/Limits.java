package io.postern.saml.xml;

/// What one message may cost. Far above what real ones have: a request has some 20 elements, a response with
/// 150 groups some 350, and metadata of one application some 100.
///
/// @param octets of the XML text
/// @param comments whether comments are dropped instead of refused: files of administrators have them,
///     messages never
public record Limits(int octets, int depth, int elements, int attributes, boolean comments) {
    public static final Limits MESSAGE = new Limits(512 * 1024, 40, 5_000, 40, false);
    public static final Limits METADATA = new Limits(2 * 1024 * 1024, 40, 50_000, 40, true);
}
