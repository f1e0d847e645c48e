/// Administration: API, publishing, My Apps.
package io.postern.admin;
