/// People, and what applications and administrators' roles mean to them: values and pure decisions.
package io.postern.domain.directory;
