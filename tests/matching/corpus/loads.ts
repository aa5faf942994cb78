import { store } from "./store";

async function download(url: string) {
  const answer = await fetch(url);
  return answer.json();
}

export async function profile(url: string) {
  try {
    return await download(url); // defect: drop-await
  } catch (error) {
    await store.insert({ failed: url });
    return null;
  }
}

export async function refresh(url: string) {
  try {
    await download(url); // defect: drop-await
  } catch (error) {
    console.warn("not refreshed", error);
  }
}

export async function passOn(url: string) {
  return await download(url);
}
