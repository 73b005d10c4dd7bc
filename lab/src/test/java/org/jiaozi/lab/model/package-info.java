/** The formal model in {@code spec/model}, checked within its bounds by Alloy. May import Alloy and nothing of the platform. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.model;
