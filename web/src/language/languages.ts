/** The languages of the page, by their names in their own words. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

export const isLanguage = (value: string | null): value is Language => value === 'en' || value === 'de';
