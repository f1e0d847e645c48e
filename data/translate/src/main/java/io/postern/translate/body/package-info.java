/// Translation of links in bodies (section 1.10): HTML, CSS, and beyond the original scripts, JSON and XML.
///
/// Push parsers over bytes. Whatever the pieces, the output is the same; every byte is looked at once; what is
/// not yet decided is held back, never more than a few hundred characters; what is no link goes out as it came.
/// No network, no clock; each translation belongs to one answer and one thread at a time.
package io.postern.translate.body;
