//! Comparisons of real repositories, made by the real git in folders that are thrown away.

#![allow(clippy::unwrap_used)]

mod ci;
mod files;
mod modes;
mod odd;
mod reading;
mod repo;
